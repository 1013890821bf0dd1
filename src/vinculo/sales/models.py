"""All tables of the sales room; each subject's own stand in its folder."""

from vinculo.sales.around.models import Competitor as Competitor
from vinculo.sales.around.models import Share as Share
from vinculo.sales.around.models import Stakeholder as Stakeholder
from vinculo.sales.deals.models import CloseReason as CloseReason
from vinculo.sales.deals.models import Deal as Deal
from vinculo.sales.deals.models import StageVisit as StageVisit
from vinculo.sales.forecast.models import Adjustment as Adjustment
from vinculo.sales.forecast.models import DealSnapshot as DealSnapshot
from vinculo.sales.forecast.models import Snapshot as Snapshot
from vinculo.sales.forecast.models import Target as Target
from vinculo.sales.leads.models import Criterion as Criterion
from vinculo.sales.leads.models import Lead as Lead
from vinculo.sales.pipelines.models import Pipeline as Pipeline
from vinculo.sales.pipelines.models import Stage as Stage
from vinculo.sales.plans.models import ActivityPlan as ActivityPlan
from vinculo.sales.plans.models import PlanStep as PlanStep
from vinculo.sales.pools.models import Pool as Pool
from vinculo.sales.pools.models import PoolTeam as PoolTeam
from vinculo.sales.pools.models import PoolUse as PoolUse
from vinculo.sales.pools.models import RecycleRule as RecycleRule
from vinculo.sales.pools.models import RecycleWarning as RecycleWarning
