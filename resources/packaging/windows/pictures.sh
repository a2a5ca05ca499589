#!/bin/sh
# Draws what Windows shows of the program into the folder that is named:
# loonbrug.ico in all sizes that Windows asks for, and wizard.bmp, the picture
# beside the first and the last page of the installer.
set -eu
icon=resources/icons/loonbrug.png
convert "$icon" -strip -define png:exclude-chunks=date,time \
	-define icon:auto-resize=256,128,64,48,32,24,16 "$1/loonbrug.ico"
convert -size 164x314 'xc:#1f5f7a' \( "$icon" -resize 120x120 \) -gravity north -geometry +0+48 -composite \
	-alpha off -strip "BMP3:$1/wizard.bmp"
