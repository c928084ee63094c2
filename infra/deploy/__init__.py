"""Deploying: CloudFormation, the stage's settings, `chalice deploy`, and what Chalice cannot say.

`python -m infra.deploy STAGE` does all of it, and may be run again after any failure; with a STEP behind it, one step.
Read `steps.py` first. `hooks.py` is what a plain `chalice deploy` gets to hear as well. ADR-0024, ADR-0025.
"""
