#include "bqconn/commands/candidates.hpp"

#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/explore.hpp"
#include "bqconn/flow/sandboxes.hpp"
#include "bqconn/lake/datasets.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

constexpr int first_page_size = 100;

std::vector<flow::Connection> first_page(flow::FlowService& service,
                                         const std::optional<std::string>& name) {
    std::vector<flow::Connection> found;
    flow::visit_connections(service,
                            {.name = name, .order_by = "-createdAt", .page_size = first_page_size},
                            [&found](std::vector<flow::Connection>& page) {
                                found = std::move(page);
                                return false;
                            });
    return found;
}

std::vector<Candidate> connections(flow::FlowService& service, Offers offers) {
    std::vector<Candidate> candidates;
    for (const auto& one : first_page(service, std::nullopt)) {
        candidates.push_back(offers == Offers::connection_ids ? Candidate{one.id, one.name}
                                                              : Candidate{one.name, one.id});
    }
    return candidates;
}

std::vector<Candidate> sandboxes_of(flow::FlowService& service) {
    std::vector<Candidate> candidates;
    for (const auto& one : flow::read_sandboxes(service, flow::Pages::first)) {
        candidates.push_back({one.name, one.title});
    }
    return candidates;
}

std::vector<Candidate> tables_of(flow::FlowService& service, const config::Settings& settings,
                                 std::string id) {
    const auto name = settings.has(Setting::connection_name)
                          ? settings.text_if_set(Setting::connection_name)
                          : settings.text_if_set(Setting::name);
    if (name) {
        const auto found = first_page(service, name);
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

std::vector<Candidate> dataflows(flow::FlowService& service, Offers offers) {
    std::vector<Candidate> candidates;
    dataflow::visit_dataflows(service, {.page_size = first_page_size}, [&](const auto& page) {
        for (const auto& one : page) {
            candidates.push_back(offers == Offers::dataflow_ids ? Candidate{one.id, one.name}
                                                                : Candidate{one.name, one.id});
        }
        return false;
    });
    return candidates;
}

std::vector<Candidate> datasets_of(flow::FlowService& service) {
    std::vector<Candidate> candidates;
    for (const auto& one : lake::find_datasets(service, std::nullopt, flow::Pages::first)) {
        candidates.push_back({one.name, one.id});
    }
    return candidates;
}

}  // namespace

std::vector<Candidate> candidates_of(Context& context, Offers offers,
                                     const config::Settings& settings, const std::string& id) {
    const auto needed = offers == Offers::sandbox_names ? config::AccessTo::organisation
                                                        : config::AccessTo::sandbox;
    Session session(context, settings, access_of(settings, needed), completion_limit);
    flow::FlowService& service = session.service();
    switch (offers) {
        case Offers::sandbox_names:
            return sandboxes_of(service);
        case Offers::tables:
            return tables_of(service, settings, id);
        case Offers::dataflow_names:
        case Offers::dataflow_ids:
            return dataflows(service, offers);
        case Offers::dataset_names:
            return datasets_of(service);
        default:
            return connections(service, offers);
    }
}

}  // namespace bqconn::commands
