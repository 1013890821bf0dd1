"""Points by rules: a plain alternative to what is learned, for deals and leads."""
