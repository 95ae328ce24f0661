#!/usr/bin/env bash
# Installs the programs under a prefix and as a Debian package, and uses them from there as a new user would, far from the
# repository: Tests/installation.sh [BINARIES]
#
# BINARIES is the folder of the built programs, that of the debug build unless given. The package is installed where dpkg-deb is
# there and root may; else that part says that it is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "${1:-$(swift build --show-bin-path)}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Programs, recipes by name, completions, manual pages.
use() {
  local root=$1
  for program in skelprep skeltrain; do
    [ -s "$root/share/bash-completion/completions/$program" ] && [ -s "$root/share/zsh/site-functions/_$program" ] \
      && [ -s "$root/share/fish/vendor_completions.d/$program.fish" ] || { echo "$root: no completions of $program"; exit 1; }
    bash -n "$root/share/bash-completion/completions/$program"
    "$root/bin/$program" --version | grep "^$program [0-9]" > /dev/null
  done
  (
    cd "$work"
    rm -rf raw data
    "$root/bin/skelprep" synthesize --samples 60 --classes 3 --output raw --quiet
    "$root/bin/skelprep" convert raw --dataset ntu60 --output data --quiet
    "$root/bin/skeltrain" recipe pcm3pp-small --set epochs=2 | grep '^epochs: 2' > /dev/null
    "$root/bin/skeltrain" complexity pcm3pp-small --steps 0 | grep parameters > /dev/null
    "$root/bin/skeltrain" recipe | grep '^pcm3pp-small' > /dev/null
    if "$root/bin/skeltrain" complexity pcm3p-small --steps 0 2> said; then exit 1; fi
    grep -q 'did you mean pcm3pp-small' said
  )
}

make --silent install PREFIX="$work/prefix" BINARIES="$bin"
# What is found is found beside the programs: the tree works where it was moved to.
mv "$work/prefix" "$work/moved"
use "$work/moved"
if command -v python3 > /dev/null; then
  for page in skelprep skelprep-convert skeltrain skeltrain-evaluate-linear; do [ -s "$work/moved/share/man/man1/$page.1" ]; done
  if command -v groff > /dev/null; then
    for page in "$work"/moved/share/man/man1/*.1; do
      groff -man -Tutf8 -ww -z "$page" 2>> "$work/groff"
    done
    [ ! -s "$work/groff" ] || { head "$work/groff"; exit 1; }
  fi
fi
echo "installed under a prefix: all is found"

.ci/deb "$work/deb" "$bin"
package=$(find "$work/deb" -name '*.deb' 2> /dev/null || true)
if [ -z "$package" ]; then exit 0; fi
dpkg-deb --info "$package" | grep '^ Package: skeleton' > /dev/null
if [ "$(id -u)" -ne 0 ] || [ -e /usr/bin/skelprep ]; then
  echo "no root, or installed already: the package is unpacked, not installed"
  dpkg-deb -x "$package" "$work/unpacked"
  use "$work/unpacked/usr"
  exit 0
fi
# A toolchain that is no package owns libraries that the control file cannot name; they are there all the same.
dpkg --install "$package" > "$work/dpkg" 2>&1 || { cat "$work/dpkg"; exit 1; }
trap 'dpkg --purge skeleton > /dev/null 2>&1; rm -rf "$work"' EXIT
use /usr
echo "installed as a package: all is found"
