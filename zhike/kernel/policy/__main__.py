"""`python -m zhike.kernel.policy check|decide|diff ...`."""

from .contract import main

raise SystemExit(main())
