"""All components on a few pages, in debug mode only."""
