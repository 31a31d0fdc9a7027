// The credentials of one run of the emulator. Generated ones are random, recognisable as made up,
// and useless anywhere else.
#pragma once

#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::emulator {

struct Identity {
    // Adobe: what IMS and the gateway accept.
    std::string api_key;
    Secret api_secret;
    std::string org_id;
    // Google: what a command may put into a connection. Flow Service accepts others as well.
    std::string project;
    std::string client_id;
    Secret client_secret;
    Secret refresh_token;
};

Identity make_up_identity();

}  // namespace bqconn::emulator
