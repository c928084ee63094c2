"""What API Gateway says itself, when a request never reaches the app: the local stage says the same, word for word."""
