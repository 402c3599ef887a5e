"""Small questions to the knowledge about images, packages and names, which facts and rules ask."""
