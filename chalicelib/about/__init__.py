"""What the portal says about itself: how a report goes, the rights of a victim, privacy, accessibility, help."""
