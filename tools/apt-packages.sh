#!/usr/bin/env bash
# What the tests need from Debian: a Chromium, a Firefox, a font with Chinese characters, PostgreSQL, what network
# namespaces are made with, LibreOffice, GStreamer's webrtcbin with the bindings of Debian's Python.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing+=(firefox-esr)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
PATH="$PATH:/usr/sbin:/sbin"
command -v turnserver >/dev/null || missing+=(coturn)
command -v ip >/dev/null || missing+=(iproute2)
command -v iptables >/dev/null || missing+=(iptables)
if ! { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -c1)" ]; }; then
  missing+=(fontconfig fonts-noto-cjk)
fi
command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui libreoffice-calc-nogui)
if ! /usr/bin/python3 -c "import gi; gi.require_version('GstWebRTC', '1.0')" >/dev/null 2>&1; then
  missing+=(python3-gi gir1.2-gst-plugins-base-1.0 gir1.2-gst-plugins-bad-1.0)
fi
for element in webrtcbin nicesrc videotestsrc vp8enc openh264dec x264enc; do
  if ! gst-inspect-1.0 "$element" >/dev/null 2>&1; then
    missing+=(gstreamer1.0-tools gstreamer1.0-nice gstreamer1.0-plugins-{base,good,bad,ugly})
    break
  fi
done
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  "$(dirname "$0")/apt.sh" "${missing[@]}"
else
  echo "测试需要这些系统包 / the tests need these packages: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
