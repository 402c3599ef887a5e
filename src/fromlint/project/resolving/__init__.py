"""What the installs of all Dockerfiles bring, resolved together and kept from run to run."""
