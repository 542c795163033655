"""The code hosts for which a template can be made."""

from enum import StrEnum


class Host(StrEnum):
    """Where the repositories of the students live."""

    GITHUB = "github"
    GITLAB = "gitlab"

    @property
    def label(self) -> str:
        """Give the name as it is written."""
        return {Host.GITHUB: "GitHub", Host.GITLAB: "GitLab"}[self]

    @property
    def workflow(self) -> str:
        """Give the path of the file that says what is run after a push."""
        return {Host.GITHUB: ".github/workflows/classroom.yml", Host.GITLAB: ".gitlab-ci.yml"}[self]

    @property
    def page(self) -> str:
        """Give the page on which students see what was run."""
        return {Host.GITHUB: "the tab Actions", Host.GITLAB: "Build, Pipelines"}[self]
