// The operations of PATCH /connections/{id}: add, replace and remove (RFC 6902) on /name,
// /description and /auth/params. Everything else is refused.
#pragma once

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// `connection` with all of `operations` applied. Throws Refused if any cannot be applied; the
// message gives the operation's number and no values.
Resource patched_connection(Resource connection, const Json& operations, Cloud cloud);

}  // namespace bqconn::emulator
