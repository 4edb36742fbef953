"""What leaves the house: each means a file, each a `Courier` (`engine.ports.outbox`)."""
