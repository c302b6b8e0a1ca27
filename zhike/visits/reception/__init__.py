"""Reception: who comes, writes or calls is received by a standard and answered within a limit (S001-090, S002-32)."""
