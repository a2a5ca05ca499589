; The installer for Windows: for one user, without an administrator, in the four
; languages of the program. installer.sh defines VERSION, NUMBERS, PROGRAM,
; LICENCES, PICTURES and OUT, and SOFTWARE and SIGN where there is something to add
; or to sign with.

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
ManifestDPIAware true
RequestExecutionLevel user

!include MUI2.nsh
!include WinVer.nsh
!include FileFunc.nsh

!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define LISTED "Software\Microsoft\Windows\CurrentVersion\Uninstall\Loonbrug"
!define RUN_NAME "nl.loonbrug.app" ; the program's own settings know it by this
!define OWN "Software\Loonbrug"
!define DATA "$LOCALAPPDATA\Loonbrug"

Name "Loonbrug"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Loonbrug"
InstallDirRegKey HKCU "${OWN}" "Folder"
BrandingText "Loonbrug ${VERSION}"
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "Loonbrug"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Loonbrug"
VIAddVersionKey "CompanyName" "Loonbrug"
VIAddVersionKey "LegalCopyright" "Loonbrug"

!ifdef SIGN
  !uninstfinalize 'sh resources/packaging/windows/sign.sh "%1"'
!endif

!define MUI_ICON "${PICTURES}/loonbrug.ico"
!define MUI_UNICON "${PICTURES}/loonbrug.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}/wizard.bmp"
!define MUI_ABORTWARNING
!define MUI_LANGDLL_ALLLANGUAGES
!define MUI_LANGDLL_REGISTRY_ROOT HKCU
!define MUI_LANGDLL_REGISTRY_KEY "${OWN}"
!define MUI_LANGDLL_REGISTRY_VALUENAME "InstallerLanguage"
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\loonbrug.exe"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Dutch"
!insertmacro MUI_LANGUAGE "Swedish"
!insertmacro MUI_LANGUAGE "Finnish"
!include "${__FILEDIR__}/texts.nsh"
!insertmacro MUI_RESERVEFILE_LANGDLL

; Waits until no Loonbrug of this folder is running, because a running program
; cannot be replaced.
!macro WAIT_UNTIL_CLOSED
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\loonbrug.exe"
      ${ExitDo}
    ${EndIf}
    ClearErrors
    FileOpen $0 "$INSTDIR\loonbrug.exe" a
    ${IfNot} ${Errors}
      FileClose $0
      ${ExitDo}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(StillOpen)" /SD IDCANCEL IDRETRY +2
    Abort
  ${Loop}
!macroend

Function .onInit
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    Abort
  ${EndIf}
  !insertmacro MUI_LANGDLL_DISPLAY
FunctionEnd

Section "Loonbrug" Main
  SectionIn RO
  !insertmacro WAIT_UNTIL_CLOSED
  SetOutPath "$INSTDIR"
  File "/oname=loonbrug.exe" "${PROGRAM}"
  File "/oname=licences.txt" "${LICENCES}"
!ifdef SOFTWARE
  SetOutPath "$INSTDIR\software"
  File "/oname=opengl32.dll" "${SOFTWARE}"
  SetOutPath "$INSTDIR"
!endif
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Loonbrug.lnk" "$INSTDIR\loonbrug.exe"

  WriteRegStr HKCU "${OWN}" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${LISTED}" "DisplayName" "Loonbrug"
  WriteRegStr HKCU "${LISTED}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${LISTED}" "DisplayIcon" "$INSTDIR\loonbrug.exe"
  WriteRegStr HKCU "${LISTED}" "Publisher" "Loonbrug"
  WriteRegStr HKCU "${LISTED}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${LISTED}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${LISTED}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${LISTED}" "NoModify" 1
  WriteRegDWORD HKCU "${LISTED}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${LISTED}" "EstimatedSize" $0
SectionEnd

Section /o "$(StartWithComputer)" Autostart
  WriteRegStr HKCU "${RUN}" "${RUN_NAME}" '"$INSTDIR\loonbrug.exe"'
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${Main} "$(AboutProgram)"
  !insertmacro MUI_DESCRIPTION_TEXT ${Autostart} "$(AboutAutostart)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function un.onInit
  !insertmacro MUI_UNGETLANGUAGE
FunctionEnd

Section "Uninstall"
  !insertmacro WAIT_UNTIL_CLOSED
  Delete "$INSTDIR\loonbrug.exe"
  Delete "$INSTDIR\licences.txt"
  Delete "$INSTDIR\software\opengl32.dll"
  RMDir "$INSTDIR\software"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Loonbrug.lnk"
  RMDir /r "${DATA}\software" ; the program beside its software renderer
  DeleteRegValue HKCU "${RUN}" "${RUN_NAME}"
  DeleteRegKey HKCU "${LISTED}"
  DeleteRegKey HKCU "${OWN}"

  ; Unasked, and in doubt, the data stays.
  ${If} ${FileExists} "${DATA}\*.*"
    MessageBox MB_YESNO|MB_ICONQUESTION "$(KeepData)" /SD IDYES IDYES +2
    RMDir /r "${DATA}"
  ${EndIf}
SectionEnd
