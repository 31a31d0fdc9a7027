// The operations of PATCH /connections/{id}: of RFC 6902 add, replace and remove, on /name,
// /description and /auth/params. Everything else is refused.
#pragma once

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// `connection` with all of `operations` carried out. Throws Refused if one of them cannot be; names
// the operation by its place, and no value.
Resource patched_connection(Resource connection, const Json& operations, Cloud cloud);

}  // namespace bqconn::emulator
