"""Examine the services: start each, as a check does, and end it."""

import os
import time

from checker.doctor.finding import Finding, ok, warning
from checker.errors import CheckerError
from checker.services import Services
from checker.services.registry import Spec


def examine_service(spec: Spec) -> Finding:
    """Start a service or reach the user's own; only topics that declare it need it."""
    variable = spec.variables[0]
    began = time.monotonic()
    try:
        with Services() as services:
            services.prepare([spec.name])
            took = (time.monotonic() - began) * 1000
    except CheckerError as error:
        return warning(spec.name, error.message, error.remedy or f"Set {variable}.")
    if os.environ.get(variable):
        return ok(spec.name, f"The address that {variable} names is used.")
    return ok(spec.name, f"{spec.title[0].upper()}{spec.title[1:]} starts ({took:.0f} ms).")
