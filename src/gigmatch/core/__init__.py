"""What every room stands on, itself knowing nothing of matching: arrays, threads, kernels, files."""
