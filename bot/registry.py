"""Every capability, by name: what people can ask for and what happens by the clock."""

from handlers import deals, targets, visits
from handlers import help as help_
from handlers.command import Registry
from jobs import visits as visit_jobs
from jobs.job import Job, collect

HANDLERS = (deals, visits, targets, help_)
JOBS = (visit_jobs,)


def registry() -> Registry:
    """Collect the commands; raise IncompleteCommandError when one lacks a permission or an intent lacks a command."""
    return Registry.of(HANDLERS, ())


def jobs() -> dict[str, Job]:
    """Collect the jobs."""
    return collect(JOBS)
