"""What archives and build files say of packages that no data describes."""
