"""Run a topic's suite against a lab and form the verdict, in a process that never imports learner code."""
