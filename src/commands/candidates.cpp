#include "bqconn/commands/candidates.hpp"

#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/explore.hpp"
#include "bqconn/flow/sandboxes.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

std::vector<flow::Connection> first_page(flow::FlowService& service,
                                         const std::optional<std::string>& name) {
    constexpr int page_size = 100;
    std::vector<flow::Connection> found;
    flow::visit_connections(service,
                            {.name = name, .order_by = "-createdAt", .page_size = page_size},
                            [&found](std::vector<flow::Connection>& page) {
                                found = std::move(page);
                                return false;
                            });
    return found;
}

std::vector<Candidate> tables_of(flow::FlowService& service, const config::Settings& settings,
                                 std::string id) {
    if (settings.has(Setting::name)) {
        const auto found = first_page(service, settings.text(Setting::name));
        if (found.size() != 1) {
            return {};
        }
        id = found.front().id;
    }
    std::vector<Candidate> candidates;
    for (const auto& one : flow::read_tables(service, checked_id(id))) {
        candidates.push_back({one.path, one.type});
    }
    return candidates;
}

}  // namespace

std::vector<Candidate> candidates_of(Context& context, Offers offers,
                                     const config::Settings& settings, const std::string& id) {
    const bool sandboxes = offers == Offers::sandbox_names;
    Session session(
        context, settings,
        access_of(settings, sandboxes ? config::AccessTo::organisation : config::AccessTo::sandbox),
        completion_limit);
    flow::FlowService& service = session.service();
    if (offers == Offers::tables) {
        return tables_of(service, settings, id);
    }
    std::vector<Candidate> candidates;
    if (sandboxes) {
        for (const auto& one : flow::read_sandboxes(service, flow::Pages::first)) {
            candidates.push_back({one.name, one.title});
        }
        return candidates;
    }
    for (const auto& one : first_page(service, std::nullopt)) {
        candidates.push_back(offers == Offers::connection_ids ? Candidate{one.id, one.name}
                                                              : Candidate{one.name, one.id});
    }
    return candidates;
}

}  // namespace bqconn::commands
