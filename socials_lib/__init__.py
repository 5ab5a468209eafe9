"""IMatch to Socials."""
