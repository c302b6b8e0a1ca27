"""Routes of visits: a week of one person (`week`) and published test files (`instances`). Knows no database."""
