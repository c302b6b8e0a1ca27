"""Trials of a changed manual on cases of the past, kept in the database or in a file."""
