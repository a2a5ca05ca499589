#!/bin/sh
# Draws the Windows icon, in all sizes that Windows shows, into the file that is named.
set -eu
convert resources/icons/loonbrug.png -strip -define png:exclude-chunks=date,time \
	-define icon:auto-resize=256,128,64,48,32,24,16 "$1"
