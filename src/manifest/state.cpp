#include "bqconn/manifest/state.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "bqconn/manifest/manifest.hpp"

namespace bqconn::manifest {
namespace {

constexpr int page_size = 100;

const dataflow::End* only(const std::map<std::string, dataflow::End>& ends,
                          const std::vector<std::string>& ids) {
    const auto found = ids.size() == 1 ? ends.find(ids.front()) : ends.end();
    return found == ends.end() ? nullptr : &found->second;
}

void read_ends(flow::FlowService& service, dataflow::Side side,
               std::map<std::string, dataflow::End>& ends) {
    for (auto& end : dataflow::find_ends(service, side)) {
        ends.insert_or_assign(end.id, end);
    }
}

}  // namespace

std::string State::connection_id_of(const std::string& name) const {
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&](const flow::Connection& one) { return one.name == name; });
    return found == connections.end() ? "" : found->id;
}

const dataflow::End* State::source_of(const dataflow::Dataflow& one) const {
    return only(sources, one.source_ids);
}

const dataflow::End* State::target_of(const dataflow::Dataflow& one) const {
    return only(targets, one.target_ids);
}

std::vector<std::string> State::unused_ends(const std::string& name) const {
    std::vector<std::string> ids;
    for (const auto* const ends : {&sources, &targets}) {
        for (const auto& [id, end] : *ends) {
            if (end.name == name && !users.contains(id)) {
                ids.push_back(id);
            }
        }
    }
    return ids;
}

std::vector<std::string> State::dataflows_of(const std::string& connection_id) const {
    std::vector<std::string> ids;
    for (const auto& [source_id, source] : sources) {
        const auto found = users.find(source_id);
        if (source.base_connection_id == connection_id && found != users.end()) {
            ids.insert(ids.end(), found->second.begin(), found->second.end());
        }
    }
    return ids;
}

const lake::MappingSet* State::mapping_of(const dataflow::Dataflow& one) const {
    const auto found = mapping_sets.find(one.mapping_id);
    return found == mapping_sets.end() ? nullptr : &found->second;
}

std::vector<flow::Column> columns_of(const dataflow::End& source) {
    std::vector<flow::Column> columns;
    for (const auto& column : json::array_at(source.params, "columns")) {
        columns.push_back(
            {json::string_at(column, "name"), json::string_at(column, "type"), column});
    }
    return columns;
}

std::string percent_of(const dataflow::Dataflow& one) {
    constexpr char key[] = "partialIngestionPercent";
    const json::Json& percent = json::member(one.options, key);
    if (!percent.is_number()) {
        return json::string_at(one.options, key);
    }
    std::array<char, 32> text{};  // 5, not 5.0
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), percent.get<double>()).ptr;
    return {text.data(), end};
}

void read_connections(flow::FlowService& service, State& state) {
    flow::visit_connections(service, {.page_size = page_size}, [&](auto& page) {
        std::move(page.begin(), page.end(), std::back_inserter(state.connections));
        return true;
    });
}

void read_dataflows(flow::FlowService& service, State& state) {
    dataflow::visit_dataflows(service, {.all_sources = true, .page_size = page_size},
                              [&](std::vector<dataflow::Dataflow>& page) {
                                  for (auto& one : page) {
                                      dataflow::add_uses(one, state.users);
                                      if (one.reads_bigquery) {
                                          state.dataflows.push_back(std::move(one));
                                      }
                                  }
                                  return true;
                              });
}

void read_sources(flow::FlowService& service, State& state) {
    read_ends(service, dataflow::Side::source, state.sources);
}

void read_targets(flow::FlowService& service, State& state) {
    read_ends(service, dataflow::Side::target, state.targets);
}

void find_leftovers(State& state, const std::string& mark) {
    std::map<std::string, dataflow::Dataflow> by_name;
    const auto add = [&](const auto& ends, std::vector<std::string> dataflow::Dataflow::*ids) {
        for (const auto& [id, end] : ends) {
            if (!state.users.contains(id) && split_mark(end.description).mark == mark) {
                dataflow::Dataflow& one = by_name[end.name];
                one.name = end.name;
                (one.*ids).push_back(id);
            }
        }
    };
    if (!mark.empty()) {
        add(state.sources, &dataflow::Dataflow::source_ids);
        add(state.targets, &dataflow::Dataflow::target_ids);
    }
    for (auto& [name, one] : by_name) {
        state.leftovers.push_back(std::move(one));
    }
}

std::optional<lake::MappingSet> read_mapping(flow::FlowService& service, const std::string& id) {
    try {
        return lake::read_mapping_set(service, id);
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found) {
            throw;
        }
    }
    return std::nullopt;
}

}  // namespace bqconn::manifest
