// Google's token service: POST /token, for a code, a refresh token, or a service account's
// assertion.
#pragma once

#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/router.hpp"

namespace bqconn::emulator {

inline const std::string google_token_path = "/token";

// `store` must outlive `router`.
void add_google_token_routes(Router& router, GoogleStore& store);

}  // namespace bqconn::emulator
