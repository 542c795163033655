"""Run a topic's suite against a lab and form the verdict; learner code is never imported here."""
