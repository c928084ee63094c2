"""The pages in a real browser: Debian's Chromium, driven by Playwright. `make browser` runs it, `make test` does not."""
