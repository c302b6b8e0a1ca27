"""`zhike routes`: the route planner from the shell. Needs no database."""

from zhike.visits.routing.shell import main

__all__ = ["main"]
