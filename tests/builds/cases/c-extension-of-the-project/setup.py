from setuptools import Extension, setup

setup(ext_modules=[Extension("thing", ["thing.c"])])
