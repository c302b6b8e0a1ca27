"""The week planned by routes: a proposal that is looked at, changed by hand, and taken over or thrown away."""
