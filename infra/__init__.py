"""The ground that the portal runs on: the stack's template, the deploy, and a local stage that is made from the same template."""
