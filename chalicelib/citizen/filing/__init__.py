"""Filing a report, step by step: the choice aid, one page per part, drafts that survive, check and confirm."""
