"""See how optimizers move over loss surfaces."""
