#!/usr/bin/env bash
# A Debian 13 root for the TorchSharp peer, whose native part needs a newer C++ library than Debian 12 has.
#   debian13.sh ROOT        sets the root up, or brings the peer in it up to date
#   debian13.sh --run ROOT ARGUMENTS...   runs the peer in it
# Packages come from the mirror of this machine's own apt configuration, or from THALWEG_DEBIAN_MIRROR. Where it cannot be done, one line says why
# and the exit code is 2.
set -euo pipefail
cd "$(dirname "$0")/../.."

complain() { echo "debian13: $1" >&2; exit 2; }

# The first mirror that apt is set up with for Debian's own packages.
mirror() {
  if [ -n "${THALWEG_DEBIAN_MIRROR:-}" ]; then echo "$THALWEG_DEBIAN_MIRROR"; return; fi
  apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' 2> /dev/null |
    awk '$2 == "Debian" && $3 == "Debian" { sub("/$", "", $1); print $1; exit }'
}

attach() {
  local folder
  for folder in proc sys dev; do
    mkdir -p "$root/$folder"
    mountpoint -q "$root/$folder" || mount --rbind "/$folder" "$root/$folder" || complain "cannot mount /$folder in $root"
  done
}

[ "$(id -u)" = 0 ] || complain "expected to run as root, which chroot needs; use sudo, or a machine with libstdc++ 13 or newer"
mode=setup
if [ "${1:-}" = --run ]; then mode=run; shift; fi
[ $# -ge 1 ] || complain "expected a folder for the root; give one, as in: debian13.sh /var/lib/thalweg-debian13"
root=$(realpath -m "$1")
shift

if [ "$mode" = run ]; then
  [ -e "$root/peer/torchsharp-peer.dll" ] || complain "no peer in $root; set it up with: bench/peers/debian13.sh $root"
  attach
  exec chroot "$root" /usr/share/dotnet/dotnet /peer/torchsharp-peer.dll "$@"
fi

command -v debootstrap > /dev/null || complain "debootstrap is missing; install it with: apt-get install debootstrap"
command -v dotnet > /dev/null || complain "dotnet is missing; install the .NET 10 SDK"
if [ ! -e "$root/.debootstrap-done" ]; then
  from=$(mirror)
  [ -n "$from" ] || complain "apt knows no Debian mirror; run apt-get update, or set THALWEG_DEBIAN_MIRROR"
  mkdir -p "$root"
  debootstrap --variant=minbase --include=libstdc++6,libgomp1,libicu76,ca-certificates trixie "$root" "$from" ||
    complain "debootstrap failed with the mirror $from; remove $root and try another one by THALWEG_DEBIAN_MIRROR"
  touch "$root/.debootstrap-done"
fi

# The runtime of this machine, whose .NET then runs on both sides.
runtimes=$(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App 10\.[^ ]* \[\(.*\)\/Microsoft.NETCore.App\]$/\1/p' | tail -n 1)
[ -n "$runtimes" ] || complain "no .NET 10 runtime found; install the .NET 10 SDK"
dotnet_root=$(dirname "$runtimes")
mkdir -p "$root/usr/share/dotnet/shared" "$root/peer"
cp -a "$dotnet_root/dotnet" "$dotnet_root/host" "$root/usr/share/dotnet/"
cp -a "$runtimes/Microsoft.NETCore.App" "$root/usr/share/dotnet/shared/"

dotnet build -c Release bench/peers/TorchSharp > "$root/build.log" 2>&1 || complain "cannot build bench/peers/TorchSharp; see $root/build.log"
cp -au bench/peers/TorchSharp/bin/Release/net10.0/. "$root/peer/"
attach
chroot "$root" /usr/share/dotnet/dotnet /peer/torchsharp-peer.dll --case tabular-tiny --threads 1 --steps 10 --rounds 1 ||
  complain "the peer does not run in $root; the lines above say why"
echo "debian13: ready; compare with: THALWEG_TORCHSHARP=$root dotnet run -c Release --project bench/Thalweg.Bench -- peer mlp-adam-64"
