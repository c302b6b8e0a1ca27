"""The visit on the phone: an installable page that works without a network and sends what was made when it can."""
