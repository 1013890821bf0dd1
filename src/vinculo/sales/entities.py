"""The record types of this room, and what they show on customers' pages."""

from vinculo.records.registry import extend
from vinculo.sales.around.panel import AROUND
from vinculo.sales.deals.entity import DEAL as DEAL
from vinculo.sales.deals.panels import DEALS
from vinculo.sales.leads.entity import LEAD as LEAD
from vinculo.sales.quotes.entity import QUOTE as QUOTE
from vinculo.sales.quotes.panels import QUOTES
from vinculo.sales.scoring.panel import SCORE
from vinculo.sales.scoring.points.telling import POINTS
from vinculo.sales.webforms.panel import CAME_IN

for customer in ("parties.company", "parties.person"):
    extend(customer, panels=[DEALS], module="sales")
    extend(customer, panels=[QUOTES[customer.rpartition(".")[2]]], module="sales")
extend("sales.deal", panels=[QUOTES["deal"], AROUND, SCORE, POINTS])
extend("sales.lead", panels=[CAME_IN, SCORE, POINTS])
