"""Draw a report: for a terminal, as plain text, HTML, JSON or SVG, from the rows of `layout`."""
