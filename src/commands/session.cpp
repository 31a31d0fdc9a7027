#include "commands/session.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "bqconn/auth/token_source.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/http/deadline_transport.hpp"
#include "bqconn/http/logging_transport.hpp"
#include "bqconn/http/retrying_transport.hpp"

namespace bqconn::commands {
namespace {

// The user's own token; or one of the cache, or fetched, when it is first needed, and kept for the
// run.
flow::FlowService::TokenSource token_source(Context& context, const config::Settings& settings,
                                            http::Transport& transport,
                                            const connection::Access& access,
                                            std::chrono::milliseconds longest_wait) {
    if (access.access_token) {
        return [token = *access.access_token](bool) { return token; };
    }
    auth::TokenSource source(transport, *access.fetching, access.api_key,
                             token_cache(context, settings, access), context.clock, longest_wait);
    return [&context, source, token = std::optional<Secret>()](bool renew) mutable {
        if (!token || renew) {
            token = source.token(renew ? token : std::nullopt);
            context.console.hide(*token);
        }
        return *token;
    };
}

// Makes each call once, all within `limit`, and logs nothing.
std::unique_ptr<http::Transport> make_transport(Context& context, const config::Settings& settings,
                                                std::chrono::milliseconds limit) {
    http::TransportOptions options = config::transport_options(settings);
    options.connect_timeout = limit;
    options.timeout = limit;
    return std::make_unique<http::DeadlineTransport>(context.make_transport(options), limit,
                                                     context.clock.now);
}

constexpr std::chrono::seconds longest_wait{30};

}  // namespace

std::unique_ptr<http::Transport> make_transport(Context& context,
                                                const config::Settings& settings) {
    const http::TransportOptions options = config::transport_options(settings);
    std::unique_ptr<http::Transport> transport = context.make_transport(options);
    if (context.logger) {
        transport = std::make_unique<http::LoggingTransport>(
            std::move(transport), context.logger,
            [&context](std::string_view line) { return context.console.clean(line); },
            context.clock.now);
    }
    return std::make_unique<http::RetryingTransport>(
        std::move(transport), options.timeout, context.clock,
        [&context](std::string_view line) { context.console.warning(line); });
}

std::string token_folder(const Context& context) {
    return auth::cache_folder(config::find(context.environment, "XDG_CACHE_HOME"),
                              config::find(context.environment, "HOME"));
}

auth::TokenCache token_cache(Context& context, const config::Settings& settings,
                             const connection::Access& access) {
    std::string folder;
    if (!settings.is_on(config::Setting::no_cache)) {
        folder = token_folder(context);
    }
    return {std::move(folder),
            {access.fetching ? access.fetching->ims_url : "", access.api_key,
             access.fetching ? access.fetching->scopes : ""}};
}

Session::Session(Context& context, const config::Settings& settings,
                 const connection::Access& access)
    : transport_(make_transport(context, settings)),
      service_(*transport_, access,
               token_source(context, settings, *transport_, access, longest_wait),
               !access.access_token) {}

Session::Session(Context& context, const config::Settings& settings,
                 const connection::Access& access, std::chrono::milliseconds limit)
    : transport_(make_transport(context, settings, limit)),
      service_(*transport_, access, token_source(context, settings, *transport_, access, limit / 4),
               false) {}

}  // namespace bqconn::commands
