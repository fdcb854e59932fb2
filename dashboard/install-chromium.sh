#!/bin/sh
# Sees to it that the tests of the dashboard's page have a Chromium: the machine's packages,
# installed where that is possible without a question. Otherwise says what to install, and ends
# with 0 all the same: without a browser these tests are skipped. Where CI is set they would fail,
# so then it ends with 3. Where everything is there it says nothing and needs no network.
#
# Environment
#   ATALAYA_CHROMIUM       the browser (default /usr/bin/chromium)
#   ATALAYA_CHROMEDRIVER   its driver, of the same version (default /usr/bin/chromedriver)
set -u

packages='chromium chromium-driver'

have_browser() {
  [ -x "${ATALAYA_CHROMIUM:-/usr/bin/chromium}" ] &&
    [ -x "${ATALAYA_CHROMEDRIVER:-/usr/bin/chromedriver}" ]
}

# With what it takes to be root, if nobody has to be asked.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

# Ubuntu's package of that name only fetches a snap, which no test can use.
can_install() {
  [ -z "${ATALAYA_CHROMIUM:-}${ATALAYA_CHROMEDRIVER:-}" ] || return 1
  [ -e /etc/debian_version ] && ! grep -qi '^ID=ubuntu' /etc/os-release || return 1
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

apt() {
  # shellcheck disable=SC2086 # $packages is several words on purpose.
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" </dev/null >"$log" 2>&1
}

install() {
  echo "Installing $packages for the tests of the dashboard ..." >&2
  log=$(mktemp) || return 1
  # shellcheck disable=SC2086
  { apt install --no-install-recommends $packages ||
    { apt update && apt install --no-install-recommends $packages; }; } && have_browser
  installed=$?
  [ "$installed" -eq 0 ] || tail -n 5 "$log" >&2
  rm -f "$log"
  return "$installed"
}

have_browser && exit 0
can_install && install && exit 0

cat >&2 <<'MESSAGE'
The tests of the dashboard's page need a Chromium and its driver, which cannot be had here without you.
  Debian:     apt-get install --no-install-recommends chromium chromium-driver
  elsewhere:  install a Chromium or Chrome and the chromedriver of the same version;
              ATALAYA_CHROMIUM and ATALAYA_CHROMEDRIVER name the two programs
MESSAGE
[ -n "${CI:-}" ] && exit 3
echo 'Without them these tests are skipped.' >&2
exit 0
