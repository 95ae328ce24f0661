# make demo [RAW=path] [SPLIT=xview] [EXCLUDE=none] [DEMO=folder]
#                                    raw text to a trained and evaluated model
# make benchmark [RAW=path] [RAW_UNTRIMMED=path] [SPLIT=xview] [EXCLUDE=none] [PUBLISHED=nwucla] [BENCHMARK=folder]
#                                    raw text to all downstream tasks, as a table and a page
# make release                       the programs, in .build/release
# make install [PREFIX=/usr/local]   the programs with recipes, schemas, completions and manual pages
# make deb                           a Debian package, in .build/deb
# make wheel                         the Python package that opens data sets, in .build/wheel
# make test                          the whole test suite
# make sanitize                      the tests of all code that goes through a pointer, under the address sanitizer
# make format                        format all sources

RAW ?=
# Synthesized cameras see the same performance, so that a split by views would only ask for that performance again.
SPLIT ?= $(if $(RAW),xview,xsub)
EXCLUDE ?= official
DEMO ?= demo
RAW_UNTRIMMED ?=
PUBLISHED ?=
BENCHMARK ?= benchmark
PREFIX ?= /usr/local
# The folder of built programs; those of `make release` are built for it unless it is given.
BINARIES ?=

.PHONY: demo benchmark release install deb wheel test sanitize format lint dependencies

demo: dependencies
	.ci/release --product skelprep
	.ci/release --product skeltrain
	pipelines/demo.sh "$(DEMO)" "$(SPLIT)" "$(RAW)" "$(EXCLUDE)"

benchmark: dependencies
	.ci/release --product skelprep
	.ci/release --product skeltrain
	pipelines/benchmark.sh "$(BENCHMARK)" "$(SPLIT)" "$(RAW)" "$(EXCLUDE)" "$(RAW_UNTRIMMED)" "$(PUBLISHED)"

release: dependencies
	.ci/release

install: $(if $(BINARIES),,release)
	.ci/install "$(PREFIX)" $(BINARIES)

deb: $(if $(BINARIES),,release)
	.ci/deb .build/deb $(BINARIES)

wheel:
	python3 -m pip wheel --no-deps --wheel-dir .build/wheel Sources/python

test: dependencies
	Tests/run.sh

sanitize: dependencies
	Tests/sanitize.sh quick address

format:
	swift format --in-place --recursive Package.swift Sources Tests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

dependencies:
	@.ci/dependencies
