/* A stand-in for the library of Windows that Go takes its random numbers from.
   Wine 8 has none. For trying the program under Wine only: it is never shipped. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
	return RtlGenRandom(data, (ULONG)size);
}
