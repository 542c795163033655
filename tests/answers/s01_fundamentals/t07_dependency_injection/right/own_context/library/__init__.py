"""A library whose routes share their needs through dependencies."""
