"""A repository for each student: the template of it, and the points that its CI reports."""
