// Google's consent page: GET /o/oauth2/v2/auth, and the form it submits.
#pragma once

#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/router.hpp"

namespace bqconn::emulator {

// `store` must outlive `router`.
void add_google_consent_routes(Router& router, GoogleStore& store);

}  // namespace bqconn::emulator
