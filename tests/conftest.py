"""Shared by all tests; this file puts its folder on the path, so that `import world` works."""
