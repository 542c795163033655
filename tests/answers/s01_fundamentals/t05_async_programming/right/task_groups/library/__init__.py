"""The front desk of a library with slow neighbours."""
