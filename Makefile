# make demo [RAW=path] [SPLIT=xview] [EXCLUDE=none] [DEMO=folder]
#                                    raw text to a trained and evaluated model
# make test                          the whole test suite
# make format                        format all sources

RAW ?=
# Synthesized cameras see the same performance, so that a split by views would only ask for that performance again.
SPLIT ?= $(if $(RAW),xview,xsub)
EXCLUDE ?= official
DEMO ?= demo

.PHONY: demo test format lint dependencies

demo: dependencies
	swift build -c release --static-swift-stdlib --product skelprep
	swift build -c release --static-swift-stdlib --product skeltrain
	pipelines/demo.sh "$(DEMO)" "$(SPLIT)" "$(RAW)" "$(EXCLUDE)"

test: dependencies
	swift test

format:
	swift format --in-place --recursive Package.swift Sources Tests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

dependencies:
	@.ci/dependencies
