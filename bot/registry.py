"""Every capability, by name: what people can ask for and what happens by the clock."""

from handlers import (
    approvals,
    cash,
    deals,
    feedback,
    imports,
    joining,
    leaderboards,
    links,
    people,
    policies,
    regions,
    removals,
    setup,
    standups,
    targets,
    timelines,
    undo,
    visits,
)
from handlers import help as help_
from handlers.command import Registry
from jobs import imports as import_jobs
from jobs import policies as policy_jobs
from jobs import retention as retention_jobs
from jobs import standups as standup_jobs
from jobs import visits as visit_jobs
from jobs.job import Job, collect
from models.intent import intents

HANDLERS = (
    deals, undo, cash, timelines, approvals, policies, visits, standups, leaderboards, targets, links, feedback, setup,
    regions, removals, people, joining, imports, help_,
)  # fmt: skip
JOBS = (visit_jobs, standup_jobs, policy_jobs, import_jobs, retention_jobs)


def registry() -> Registry:
    """Collect the commands; raise IncompleteCommandError when one lacks a permission or an intent lacks a command."""
    return Registry.of(HANDLERS, intents())


def jobs() -> dict[str, Job]:
    """Collect the jobs."""
    return collect(JOBS)
