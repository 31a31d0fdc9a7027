// Asks the user for Google's consent: in a browser on this machine, or by pasting an address.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "bqconn/auth/google.hpp"
#include "bqconn/commands/context.hpp"

namespace bqconn::commands {

struct ConsentRequest {
    std::string auth_url;
    std::string client_id;
    std::chrono::milliseconds timeout;  // of ask_in_browser()
};

// What to do once consent is given. Throws Error.
using Finish = std::function<void(const auth::CodeExchange& exchange)>;

// Both throw Error (auth) if access is not granted, and what `finish` throws. The browser shows the
// outcome only after `finish`.
void ask_in_browser(Context& context, const ConsentRequest& request, const Finish& finish);
void ask_for_address(Context& context, const ConsentRequest& request, const Finish& finish);

}  // namespace bqconn::commands
