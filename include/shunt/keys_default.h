/* Where keys are mounted unless SHUNT_KEYS says otherwise. Freestanding: shared with the library.
 */
#ifndef SHUNT_KEYS_DEFAULT_H
#define SHUNT_KEYS_DEFAULT_H

#define KEYS_DEFAULT_DIR "/mnt/proxy-config"

#endif
