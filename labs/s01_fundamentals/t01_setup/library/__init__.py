"""The lending library as a service. This file makes the folder a package."""
