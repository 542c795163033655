"""Grade a class: read submissions, judge them in a sandbox, keep the results, export them."""
